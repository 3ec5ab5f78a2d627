package dev.counterstep.web;

import java.net.URI;
import java.util.List;

import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;

/** A request that is answered with a problem ({@code application/problem+json}). */
public final class ProblemException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final HttpStatusCode status;
    private final String code;
    private final transient List<FieldError> errors;

    private ProblemException(HttpStatusCode status, String code, String detail, List<FieldError> errors) {
        super(detail);
        this.status = status;
        this.code = code;
        this.errors = List.copyOf(errors);
    }

    /**
     * Any problem.
     *
     * @param status the HTTP status
     * @param code a stable code in kebab case
     * @param detail one sentence for people
     */
    public static ProblemException of(HttpStatusCode status, String code, String detail) {
        return new ProblemException(status, code, detail, List.of());
    }

    /** 400: the request cannot be understood. */
    public static ProblemException badRequest(String code, String detail) {
        return of(HttpStatus.BAD_REQUEST, code, detail);
    }

    /** 400, code {@code invalid-request}: understood, but these fields are wrong. */
    public static ProblemException invalid(List<FieldError> errors) {
        return new ProblemException(
                HttpStatus.BAD_REQUEST, Problems.INVALID, "Some fields of the request are not valid.", errors);
    }

    /** 404. */
    public static ProblemException notFound(String code, String detail) {
        return of(HttpStatus.NOT_FOUND, code, detail);
    }

    /** 409: not in this state. */
    public static ProblemException conflict(String code, String detail) {
        return of(HttpStatus.CONFLICT, code, detail);
    }

    /** 412: somebody else was faster. */
    public static ProblemException preconditionFailed(String code, String detail) {
        return of(HttpStatus.PRECONDITION_FAILED, code, detail);
    }

    /** 422: contradicts an earlier request. */
    public static ProblemException unprocessable(String code, String detail) {
        return of(HttpStatus.UNPROCESSABLE_CONTENT, code, detail);
    }

    /** The HTTP status. */
    public HttpStatusCode status() {
        return status;
    }

    /** The stable code. */
    public String code() {
        return code;
    }

    /** What is wrong with which field; empty when it is not about fields. */
    public List<FieldError> errors() {
        return errors;
    }

    /** The body of the answer. */
    ProblemDetail body() {
        return Problems.of(status, code, String.valueOf(getMessage()), errors);
    }

    /** The {@code type} of problems with this code. */
    static URI type(String code) {
        return URI.create("urn:counterstep:problem:" + code);
    }
}
