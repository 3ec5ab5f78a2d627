package dev.counterstep.storage;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.TransientDataAccessResourceException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class GroupCommitTest {

    private static final int MOST = 3;

    private final ExecutorService callers = Executors.newCachedThreadPool();
    private final List<List<Integer>> committed = new CopyOnWriteArrayList<>();
    private final CountDownLatch arrived = new CountDownLatch(1);
    private final CountDownLatch opened = new CountDownLatch(1);
    private final GroupCommit<Integer, String> group = new GroupCommit<>(this::commit, MOST);

    @AfterEach
    void end() {
        callers.shutdownNow();
    }

    @Test
    void singleCallerCommitsAtOnce() {
        assertThat(group.submit(1)).isEqualTo("1 committed");
        assertThat(group.submit(2)).isEqualTo("2 committed");
        assertThat(committed).containsExactly(List.of(1), List.of(2));
    }

    @Test
    void callersThatComeMeanwhileShareTheNextCommits() {
        List<CompletableFuture<String>> results = whileOneCommits(1, 2, 3, 4);

        assertThat(results)
                .map(CompletableFuture::join)
                .containsExactly("1 committed", "2 committed", "3 committed", "4 committed");
        assertThat(committed).containsExactly(List.of(0), List.of(1, 2, 3), List.of(4));
    }

    @Test
    void callerWhoComesAloneAfterACrowdIsCommittedAllTheSame() {
        whileOneCommits(1, 2, 3).forEach(CompletableFuture::join);

        assertThat(group.submit(4)).isEqualTo("4 committed");
        assertThat(group.submit(5)).isEqualTo("5 committed");
        assertThat(committed).containsExactly(List.of(0), List.of(1, 2, 3), List.of(4), List.of(5));
    }

    @Test
    void itemThatTheDatabaseRefusesFailsAlone() {
        List<CompletableFuture<String>> results = whileOneCommits(1, -2, 3);

        assertThat(results.get(0).join()).isEqualTo("1 committed");
        assertThatThrownBy(() -> results.get(1).join()).hasCauseInstanceOf(DataIntegrityViolationException.class);
        assertThat(results.get(2).join()).isEqualTo("3 committed");
    }

    @Test
    void failureThatIsNobodysFaultIsEverybodys() {
        List<CompletableFuture<String>> results = whileOneCommits(1, 1_000);

        assertThat(results)
                .allSatisfy(result -> assertThatThrownBy(result::join)
                        .hasCauseInstanceOf(TransientDataAccessResourceException.class));
        assertThat(group.submit(5)).isEqualTo("5 committed");
    }

    @Test
    void errorsAndMissingResultsComeOutAsWhatTheyAre() {
        assertThatThrownBy(() -> new GroupCommit<Integer, String>(
                                items -> {
                                    throw new StackOverflowError();
                                },
                                MOST)
                        .submit(1))
                .isInstanceOf(StackOverflowError.class);
        assertThatThrownBy(() -> new GroupCommit<Integer, String>(items -> List.of(), MOST).submit(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("1 items gave 0 results");
    }

    @Test
    void everyItemIsCommittedOnceUnderLoad() {
        List<CompletableFuture<String>> results = IntStream.range(1, 500)
                .mapToObj(item -> CompletableFuture.supplyAsync(() -> group.submit(item % 900), callers))
                .toList();

        assertThat(results).map(CompletableFuture::join).hasSize(499);
        assertThat(committed.stream().flatMap(List::stream)).hasSize(499).doesNotHaveDuplicates();
    }

    /** Submits the items one after the other while item 0 is being committed, and then lets that go on. */
    private List<CompletableFuture<String>> whileOneCommits(Integer... items) {
        callers.execute(() -> group.submit(0));
        await(arrived);
        List<CompletableFuture<String>> results = new CopyOnWriteArrayList<>();
        for (int i = 0; i < items.length; i++) {
            int item = items[i];
            int before = i;
            Awaitility.await().until(() -> group.waiting() == before);
            results.add(CompletableFuture.supplyAsync(() -> group.submit(item), callers));
        }
        Awaitility.await().until(() -> group.waiting() == items.length);
        opened.countDown();
        return results;
    }

    private List<String> commit(List<Integer> items) {
        if (items.contains(0)) {
            arrived.countDown();
            await(opened);
        }
        if (items.contains(1_000)) {
            throw new TransientDataAccessResourceException("the database is away");
        }
        if (items.stream().anyMatch(item -> item < 0)) {
            throw new DataIntegrityViolationException("refused");
        }
        committed.add(items);
        return items.stream().map(item -> item + " committed").toList();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
