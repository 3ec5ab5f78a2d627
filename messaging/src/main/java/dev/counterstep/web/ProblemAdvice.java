package dev.counterstep.web;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.validation.Errors;
import org.springframework.validation.method.ParameterErrors;
import org.springframework.validation.method.ParameterValidationResult;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;

/** Turns every exception that leaves a controller into a problem. */
@RestControllerAdvice
final class ProblemAdvice extends ResponseEntityExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);
    private static final String CHARACTER_NOT_IN_REPERTOIRE = "22021";

    @ExceptionHandler
    ResponseEntity<ProblemDetail> problem(ProblemException e) {
        return answer(e.body());
    }

    /** The database is away: nothing was done, and the caller may try again. */
    @ExceptionHandler({
        CannotCreateTransactionException.class,
        DataAccessResourceFailureException.class,
        TransientDataAccessException.class
    })
    ResponseEntity<ProblemDetail> unavailable(Exception e) {
        log.warn("answered 503: {}", e.toString());
        ProblemDetail problem = Problems.of(
                HttpStatus.SERVICE_UNAVAILABLE,
                "unavailable",
                "The database is not available now; try again.",
                List.of());
        return ResponseEntity.status(problem.getStatus())
                .header(HttpHeaders.RETRY_AFTER, "1")
                .body(problem);
    }

    /** A fault of ours; what it was stands in the log only. */
    @ExceptionHandler
    ResponseEntity<ProblemDetail> unexpected(Exception e) throws Exception {
        if (e instanceof AccessDeniedException || e instanceof AuthenticationException) {
            throw e; // Spring Security's to answer
        }
        if (isUnstorableText(e)) {
            return answer(Problems.of(
                    HttpStatus.BAD_REQUEST,
                    "bad-character",
                    "The request holds the character U+0000, which no text may hold.",
                    List.of()));
        }
        log.error("answered 500", e);
        return answer(Problems.of(
                HttpStatus.INTERNAL_SERVER_ERROR,
                "internal-error",
                "Something went wrong here; it has been logged.",
                List.of()));
    }

    /** Reading the body can meet its limit, which Jackson reports as its own exception. */
    @Override
    protected ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof ProblemException problem) {
                return ResponseEntity.status(problem.status()).body(problem.body());
            }
        }
        return handleExceptionInternal(e, null, headers, status, request);
    }

    @Override
    protected ResponseEntity<Object> handleExceptionInternal(
            Exception e, @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        return ResponseEntity.status(status).headers(headers).body(problemOf(e, status));
    }

    private static ProblemDetail problemOf(Exception e, HttpStatusCode status) {
        if (e instanceof MethodArgumentNotValidException invalid) {
            return invalid(fieldErrors(invalid));
        }
        if (e instanceof HandlerMethodValidationException invalid) {
            return invalid(fieldErrors(invalid));
        }
        if (e instanceof MissingServletRequestParameterException missing) {
            return invalid(List.of(new FieldError("/" + missing.getParameterName(), "is required")));
        }
        if (e instanceof TypeMismatchException mismatch) {
            return invalid(List.of(new FieldError("/" + nameOf(mismatch), "is not valid")));
        }
        if (e instanceof HttpMessageNotReadableException unreadable) {
            return unreadable(unreadable);
        }
        if (e instanceof NoResourceFoundException || e instanceof NoHandlerFoundException) {
            return Problems.of(status, "unknown-route", "There is nothing at this address.", List.of());
        }
        return Problems.of(
                status, "The request was refused: " + Problems.codeOf(status).replace('-', ' ') + ".");
    }

    private static ProblemDetail unreadable(HttpMessageNotReadableException e) {
        if (!(e.getCause() instanceof JacksonException cause)) {
            return Problems.of(HttpStatus.BAD_REQUEST, "malformed-json", "The request needs a JSON body.", List.of());
        }
        if (cause instanceof DatabindException && !cause.getPath().isEmpty()) {
            return invalid(List.of(new FieldError(pointer(cause), "is missing or has the wrong type")));
        }
        String place = cause.getLocation() == null
                ? ""
                : ": line %d, column %d"
                        .formatted(
                                cause.getLocation().getLineNr(),
                                cause.getLocation().getColumnNr());
        return Problems.of(
                HttpStatus.BAD_REQUEST, "malformed-json", "The body is not JSON we can read" + place + ".", List.of());
    }

    private static ProblemDetail invalid(List<FieldError> errors) {
        return ProblemException.invalid(errors).body();
    }

    private static List<FieldError> fieldErrors(Errors errors) {
        List<FieldError> found = new ArrayList<>();
        errors.getFieldErrors()
                .forEach(error ->
                        found.add(new FieldError(pointer(error.getField()), message(error.getDefaultMessage()))));
        errors.getGlobalErrors().forEach(error -> found.add(new FieldError("", message(error.getDefaultMessage()))));
        return found;
    }

    private static List<FieldError> fieldErrors(HandlerMethodValidationException e) {
        List<FieldError> found = new ArrayList<>();
        for (ParameterValidationResult parameter : e.getParameterValidationResults()) {
            if (parameter instanceof ParameterErrors body) {
                found.addAll(fieldErrors(body));
            } else {
                String pointer = "/" + parameter.getMethodParameter().getParameterName();
                parameter
                        .getResolvableErrors()
                        .forEach(error -> found.add(new FieldError(pointer, message(error.getDefaultMessage()))));
            }
        }
        return found;
    }

    /** {@code items[0].id} as {@code /items/0/id}. */
    private static String pointer(String field) {
        return "/" + field.replace("]", "").replace('[', '/').replace('.', '/');
    }

    private static String pointer(JacksonException e) {
        return e.getPath().stream()
                .map(step -> "/" + (step.getPropertyName() == null ? step.getIndex() : step.getPropertyName()))
                .collect(Collectors.joining());
    }

    private static String nameOf(TypeMismatchException e) {
        return String.valueOf(
                e instanceof MethodArgumentTypeMismatchException argument ? argument.getName() : e.getPropertyName());
    }

    private static String message(@Nullable String message) {
        return message == null ? "is not valid" : message;
    }

    private static ResponseEntity<ProblemDetail> answer(ProblemDetail problem) {
        return ResponseEntity.status(problem.getStatus()).body(problem);
    }

    /** PostgreSQL has no place for U+0000 in a text, wherever in a request it came from. */
    private static boolean isUnstorableText(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && CHARACTER_NOT_IN_REPERTOIRE.equals(sql.getSQLState())) {
                return true;
            }
        }
        return false;
    }
}
