/** Applies the migrations to a real PostgreSQL and asks it whether they hold what they promise. */
@NullMarked
package dev.counterstep.migrations;

import org.jspecify.annotations.NullMarked;
