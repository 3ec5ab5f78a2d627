/** The product's REST API under load, from outside its JVM. */
@NullMarked
package dev.counterstep.benchmark.rest;

import org.jspecify.annotations.NullMarked;
