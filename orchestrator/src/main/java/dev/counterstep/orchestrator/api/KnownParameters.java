package dev.counterstep.orchestrator.api;

import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.core.MethodParameter;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

import dev.counterstep.web.ProblemException;

/**
 * Refuses query parameters that a call does not know: a filter with a slip in its name must not list everything. Every
 * {@link RequestParam} here has a name.
 */
final class KnownParameters implements HandlerInterceptor {

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (!(handler instanceof HandlerMethod method)) {
            return true;
        }
        Set<String> known = known(method);
        for (String name : request.getParameterMap().keySet()) {
            if (!known.contains(name)) {
                throw ProblemException.badRequest(
                        "unknown-parameter",
                        known.isEmpty()
                                ? "There is no parameter '%s': this call has none.".formatted(name)
                                : "There is no parameter '%s': this call has %s."
                                        .formatted(name, String.join(", ", known)));
            }
        }
        return true;
    }

    private static Set<String> known(HandlerMethod method) {
        return Stream.of(method.getMethodParameters())
                .filter(parameter -> parameter.hasParameterAnnotation(RequestParam.class))
                .map(KnownParameters::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String name(MethodParameter parameter) {
        RequestParam annotation = Objects.requireNonNull(parameter.getParameterAnnotation(RequestParam.class));
        return annotation.name();
    }
}
