/** Shares transactions between callers. */
@NullMarked
package dev.counterstep.batch;

import org.jspecify.annotations.NullMarked;
