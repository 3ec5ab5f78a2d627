package dev.counterstep.messaging.outbox;

import java.util.Set;

/**
 * What is to be read of the outbox.
 *
 * @param from the lowest id worth looking at; 0 for all
 * @param exceptTopics topics that can take nothing now; those that are held are left out anyway
 * @param mostRows how many rows that have not arrived
 * @param tenure of the relay's lease: what one tenure has read is not to be sent in another
 */
record ReadRequest(long from, Set<String> exceptTopics, int mostRows, long tenure) {}
