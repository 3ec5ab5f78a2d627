package dev.counterstep.benchmark.load;

import java.util.concurrent.TimeUnit;

import org.HdrHistogram.Histogram;

/**
 * What was seen in a window of time.
 *
 * @param ended orders that ended in it
 * @param seconds how long it was
 * @param p50Ms half of them took at most so long, from when they were due to their end
 * @param placed orders placed since the generator started, in and before the window
 * @param open of those, how many have not ended
 */
public record LoadReport(
        long ended, double seconds, double p50Ms, double p90Ms, double p99Ms, double maxMs, long placed, long open) {

    static LoadReport of(Histogram micros, long nanos, long placed, long open) {
        return new LoadReport(
                micros.getTotalCount(),
                nanos / (double) TimeUnit.SECONDS.toNanos(1),
                millis(micros, 50),
                millis(micros, 90),
                millis(micros, 99),
                micros.getMaxValue() / 1000.0,
                placed,
                open);
    }

    /** Orders that ended, per second. */
    public double perSecond() {
        return ended / seconds;
    }

    private static double millis(Histogram micros, double percentile) {
        return micros.getValueAtPercentile(percentile) / 1000.0;
    }
}
