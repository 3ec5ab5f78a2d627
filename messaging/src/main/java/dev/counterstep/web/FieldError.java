package dev.counterstep.web;

/**
 * One thing wrong with a request.
 *
 * @param pointer JSON pointer into the body, for example {@code /quantity}; for a query parameter its name after a slash
 * @param message what was expected; never holds the value
 */
public record FieldError(String pointer, String message) {}
