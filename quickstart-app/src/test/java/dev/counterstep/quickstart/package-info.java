@NullMarked
package dev.counterstep.quickstart;

import org.jspecify.annotations.NullMarked;
