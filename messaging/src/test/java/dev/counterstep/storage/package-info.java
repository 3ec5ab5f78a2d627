@org.jspecify.annotations.NullMarked
package dev.counterstep.storage;
