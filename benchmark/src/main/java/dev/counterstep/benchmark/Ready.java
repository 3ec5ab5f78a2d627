package dev.counterstep.benchmark;

/**
 * A measured system takes orders: how to reach it, and what of it to look at.
 *
 * @param jvm the process id of its JVM
 * @param postmaster the process id of PostgreSQL, of which all its other processes are children
 * @param jdbcUrl of PostgreSQL, up to the database's name
 * @param user the login that owns PostgreSQL
 * @param kafka where Kafka's clients connect
 * @param orderService where order-service takes requests, when it runs
 */
record Ready(
        long jvm, long postmaster, String jdbcUrl, String user, String password, String kafka, String orderService) {}
