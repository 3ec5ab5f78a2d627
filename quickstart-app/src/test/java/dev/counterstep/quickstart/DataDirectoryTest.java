package dev.counterstep.quickstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class DataDirectoryTest {

    @TempDir
    private Path parent;

    @Test
    void newFolderBelongsToItsOwnerAlone() throws IOException {
        try (DataDirectory directory = DataDirectory.open(parent.resolve("a/b"))) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.path())))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void folderWithForeignFilesIsNeitherUsedNorReset() throws IOException {
        Files.writeString(parent.resolve("thesis.txt"), "years of work");
        assertThatThrownBy(() -> DataDirectory.open(parent).close())
                .isInstanceOf(StartException.class)
                .hasMessageContaining("holds files that are not Counterstep's");
        assertThat(parent.resolve("thesis.txt")).hasContent("years of work");
        assertThat(parent.resolve("lock")).doesNotExist();
    }

    @Test
    void folderInUseIsRefused() {
        try (DataDirectory first = DataDirectory.open(parent)) {
            assertThatThrownBy(() -> DataDirectory.open(parent).close())
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("Another quickstart runs on " + first.path());
        }
    }

    @Test
    void folderThatCannotBeCreatedIsNamedWithTheRemedy() throws IOException {
        Path file = Files.writeString(parent.resolve("file"), "");
        assertThatThrownBy(() -> DataDirectory.open(file.resolve("below")).close())
                .isInstanceOf(StartException.class)
                .hasMessageContaining("cannot be written")
                .hasMessageContaining("--data-dir");
    }

    @Test
    void resetDeletesTheDataAndKeepsTheFolderOurs() throws IOException {
        try (DataDirectory directory = DataDirectory.open(parent)) {
            Files.createDirectories(parent.resolve("postgres/base"));
            Files.writeString(parent.resolve("postgres/base/1"), "data");
            directory.reset();
            assertThat(parent.resolve("postgres")).doesNotExist();
        }
        DataDirectory.open(parent).close();
    }

    @Test
    void linkIsDeletedAndNotWhatItPointsTo(@TempDir Path elsewhere) throws IOException {
        Files.writeString(elsewhere.resolve("precious"), "kept");
        try (DataDirectory directory = DataDirectory.open(parent)) {
            Files.createSymbolicLink(parent.resolve("link"), elsewhere);
            Files.createSymbolicLink(parent.resolve("dangling"), elsewhere.resolve("nothing"));
            directory.reset();
        }
        assertThat(parent).isDirectoryNotContaining(path -> Files.isSymbolicLink(path));
        assertThat(elsewhere.resolve("precious")).hasContent("kept");
    }

    @Test
    void privateFileIsReadableByItsOwnerAlone() throws IOException {
        try (DataDirectory directory = DataDirectory.open(parent)) {
            directory.writePrivately("secret", "old");
            directory.writePrivately("secret", "new");
        }
        assertThat(parent.resolve("secret")).hasContent("new");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(parent.resolve("secret"))))
                .isEqualTo("rw-------");
    }

    @Test
    void secretsAreGeneratedOnceAndKept() throws IOException {
        try (DataDirectory directory = DataDirectory.open(parent)) {
            String first = Secrets.open(directory, List.of("operator")).of("operator");
            Secrets again = Secrets.open(directory, List.of("operator", "viewer"));
            assertThat(again.of("operator")).isEqualTo(first).hasSize(32);
            assertThat(again.of("viewer")).isNotEqualTo(first);
        }
    }
}
