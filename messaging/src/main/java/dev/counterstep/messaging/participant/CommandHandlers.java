package dev.counterstep.messaging.participant;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ReflectionUtils;

import dev.counterstep.messaging.Command;

/**
 * Which method handles which type of command. Made once at start-up and checked then: a participant that starts has exactly
 * one fitting handler for each of its commands.
 */
final class CommandHandlers {

    private static final int MOST_TYPE_CHARS = 128;

    private final Map<String, CommandHandler> byType = new TreeMap<>();

    /**
     * Collects the handlers of all beans; creates only the beans that have some.
     *
     * @throws IllegalStateException when a method is not what {@link SagaCommand} asks for, two want the same type, or there is
     *     none at all
     */
    static CommandHandlers of(ConfigurableListableBeanFactory beans) {
        CommandHandlers handlers = new CommandHandlers();
        for (String name : beans.getBeanDefinitionNames()) {
            Class<?> type = AutoProxyUtils.determineTargetClass(beans, name);
            if (type != null && !beans.getBeanDefinition(name).isAbstract()) {
                annotated(type).forEach((method, types) -> handlers.add(method, types, beans.getBean(name)));
            }
        }
        if (handlers.byType.isEmpty()) {
            throw new IllegalStateException(
                    "counterstep.messaging.participant is set, but no bean has a @SagaCommand method");
        }
        return handlers;
    }

    /** The handler of a type of command, null when this participant does not know it. */
    @Nullable
    CommandHandler find(String type) {
        return byType.get(type);
    }

    /** The types of command that are handled. */
    Collection<String> types() {
        return byType.keySet();
    }

    private static Map<Method, SagaCommand> annotated(Class<?> type) {
        return MethodIntrospector.selectMethods(type, (MethodIntrospector.MetadataLookup<SagaCommand>)
                method -> AnnotatedElementUtils.findMergedAnnotation(method, SagaCommand.class));
    }

    private void add(Method method, SagaCommand types, Object bean) {
        check(method, types);
        Method invocable = AopUtils.selectInvocableMethod(method, bean.getClass());
        ReflectionUtils.makeAccessible(invocable);
        boolean takesMany = method.getParameterTypes()[0] == List.class;
        CommandHandler handler = new CommandHandler(types, bean, invocable, takesMany, bodyType(method));
        CommandHandler other = byType.putIfAbsent(types.value(), handler);
        if (other != null) {
            throw new IllegalStateException(
                    "%s and %s both handle command type %s".formatted(other, handler, types.value()));
        }
    }

    private static void check(Method method, SagaCommand types) {
        if (Modifier.isStatic(method.getModifiers()) || !(takesOne(method) || takesMany(method))) {
            throw new IllegalStateException("""
                    @SagaCommand method %s must be an instance method that takes (Command) or (Command, a record) and returns an \
                    Outcome, an ExternalCall or CommandResult, or takes (List<Command>) or (List<CommandWith<a record>>), and \
                    perhaps Writes after it, and returns a List of these""".formatted(method));
        }
        for (String type : new String[] {types.value(), types.success(), types.failure()}) {
            if (type.isBlank() || type.length() > MOST_TYPE_CHARS) {
                throw new IllegalStateException(
                        "@SagaCommand method %s names a type that is blank or longer than %d characters"
                                .formatted(method, MOST_TYPE_CHARS));
            }
        }
    }

    private static boolean takesOne(Method method) {
        Class<?>[] parameters = method.getParameterTypes();
        return CommandResult.class.isAssignableFrom(method.getReturnType())
                && (parameters.length == 1 || (parameters.length == 2 && parameters[1].isRecord()))
                && parameters[0] == Command.class;
    }

    private static boolean takesMany(Method method) {
        Class<?>[] parameters = method.getParameterTypes();
        if (parameters.length == 0
                || parameters.length > 2
                || parameters[0] != List.class
                || (parameters.length == 2 && parameters[1] != Writes.class)) {
            return false;
        }
        ResolvableType element = element(method);
        boolean readable = element.resolve() == Command.class
                || (element.resolve() == CommandWith.class
                        && element.getGeneric().resolve(Object.class).isRecord());
        ResolvableType results = ResolvableType.forMethodReturnType(method);
        return readable
                && results.resolve() == List.class
                && CommandResult.class.isAssignableFrom(results.getGeneric().resolve(Object.class));
    }

    private static ResolvableType element(Method method) {
        return ResolvableType.forMethodParameter(method, 0).getGeneric();
    }

    private static @Nullable Class<?> bodyType(Method method) {
        if (method.getParameterTypes()[0] == List.class) {
            return element(method).getGeneric().resolve();
        }
        return method.getParameterCount() == 2 ? method.getParameterTypes()[1] : null;
    }
}
