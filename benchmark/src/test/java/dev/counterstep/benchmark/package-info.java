@NullMarked
package dev.counterstep.benchmark;

import org.jspecify.annotations.NullMarked;
