package dev.counterstep.benchmark.load;

/**
 * What to load a system with.
 *
 * @param inFlight the most orders open at once; in a closed loop, always so many
 * @param ratePerSecond orders a second in an open loop; 0 for a closed one
 * @param declineRate the share of orders whose payment is refused, 0-1
 * @param writers how many place orders at once
 * @param batch the most orders that one writer places at once
 */
public record Load(int inFlight, double ratePerSecond, double declineRate, int writers, int batch) {

    Pace pace() {
        return ratePerSecond > 0 ? new OpenPace(ratePerSecond, inFlight) : new ClosedPace(inFlight);
    }

    /** The same at a fixed rate. */
    public Load atRate(double rate) {
        return new Load(inFlight, rate, declineRate, writers, batch);
    }
}
