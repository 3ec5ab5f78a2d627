package dev.counterstep.inventory;

import java.util.Set;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What inventory can do.
 *
 * @param unprocessableProducts products whose commands are dead-lettered, to see what becomes of a message nobody can handle
 */
@ConfigurationProperties("counterstep.inventory")
record InventoryProperties(@DefaultValue("prod_ignore") Set<String> unprocessableProducts) {}
