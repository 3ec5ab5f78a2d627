/**
 * The databases of Counterstep: which there are, how they come into being, and the migrator that keeps their schema.
 *
 * <p>The front doors are {@link dev.counterstep.migrations.DatabaseCluster}, which creates databases and logins, and
 * {@link dev.counterstep.migrations.Migrator}, which applies the SQL under {@code db/} to one of them. The program
 * {@link dev.counterstep.migrations.MigratorApplication} does both from its environment.
 */
@NullMarked
package dev.counterstep.migrations;

import org.jspecify.annotations.NullMarked;
