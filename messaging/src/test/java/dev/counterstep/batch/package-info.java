@org.jspecify.annotations.NullMarked
package dev.counterstep.batch;
