package dev.counterstep.quickstart;

/** Why quickstart cannot start: one sentence for the user that names the remedy. It ends the process with exit code 1. */
final class StartException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    StartException(String sentence) {
        super(sentence);
    }

    StartException(String sentence, Throwable cause) {
        super(sentence, cause);
    }

    String sentence() {
        return String.valueOf(getMessage());
    }
}
