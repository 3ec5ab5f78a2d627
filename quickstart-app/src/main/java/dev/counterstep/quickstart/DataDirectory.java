package dev.counterstep.quickstart;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The folder that keeps everything between two starts. A marker file makes it recognizable, and a lock that ends with this
 * process, however it ends, keeps a second quickstart out.
 */
final class DataDirectory implements AutoCloseable {

    private static final String MARKER = "counterstep-data";
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path path;
    private final FileChannel lock;

    private DataDirectory(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Opens a new, an empty or an own folder for this process alone.
     *
     * @throws StartException when it belongs to something else, is in use or cannot be written
     */
    static DataDirectory open(Path folder) {
        Path path = folder.toAbsolutePath().normalize();
        try {
            if (!Files.isDirectory(path)) {
                Files.createDirectories(path, OWNER_ONLY_FOLDER);
            }
            if (!Files.exists(path.resolve(MARKER)) && !isEmpty(path)) {
                throw new StartException(path + " holds files that are not Counterstep's:"
                        + " choose a new or an empty folder with --data-dir=DIR.");
            }
            FileChannel lock = lock(path);
            Files.writeString(
                    path.resolve(MARKER), "The data of Counterstep's quickstart. --reset discards this folder.\n");
            return new DataDirectory(path, lock);
        } catch (IOException e) {
            throw new StartException(
                    "The folder " + path + " cannot be written (" + e.getMessage()
                            + "): make it writable, or choose another with --data-dir=DIR.",
                    e);
        }
    }

    Path path() {
        return path;
    }

    /** Deletes everything in it but the marker and the lock. No server may run on it. */
    void reset() {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (!name.equals(MARKER) && !name.equals("lock")) {
                    delete(entry);
                }
            }
        } catch (IOException e) {
            throw new StartException("The data in " + path + " cannot be discarded (" + e.getMessage() + ").", e);
        }
    }

    /** Writes a file that only its owner can read: the whole of it at once, or nothing. */
    void writePrivately(String name, String content) throws IOException {
        Path unfinished = path.resolve(name + ".unfinished");
        Files.deleteIfExists(unfinished);
        Files.createFile(unfinished, OWNER_ONLY_FILE);
        Files.writeString(unfinished, content, StandardCharsets.UTF_8);
        try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(unfinished, path.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new StartException("The lock of " + path + " cannot be released (" + e.getMessage() + ").", e);
        }
    }

    /** Deletes a file or a folder with all that is in it; nothing when it does not exist. Links are not followed. */
    static void delete(Path root) throws IOException {
        if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            return !entries.iterator().hasNext();
        }
    }

    private static FileChannel lock(Path folder) throws IOException {
        FileChannel channel =
                FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!acquire(channel)) {
            channel.close();
            throw new StartException("Another quickstart runs on " + folder
                    + ": stop it first, or choose another folder with --data-dir=DIR.");
        }
        return channel;
    }

    private static boolean acquire(FileChannel channel) throws IOException {
        try {
            @Nullable FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false; // held by this very process
        }
    }
}
