package dev.counterstep.orchestrator.api;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

import dev.counterstep.web.AccessRules;
import dev.counterstep.web.Role;

/** What all calls of the API have in common. */
@Configuration(proxyBeanMethods = false)
class ApiConfiguration implements WebMvcConfigurer {

    /** The path that everything here begins with. */
    static final String ROOT = "/api/v1";

    private static final String BASIC = "basic";

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(new KnownParameters()).addPathPatterns(ROOT + "/**");
    }

    /** Beyond the default, which is VIEWER to read and OPERATOR for all else. */
    @Bean
    AccessRules accessRules() {
        return new AccessRules(
                requests -> requests.requestMatchers(
                                HttpMethod.POST,
                                ROOT + "/sagas/*/skip",
                                ROOT + "/sagas/*/abandon",
                                ROOT + "/definitions")
                        .hasRole(Role.ADMIN.name())
                        .requestMatchers(HttpMethod.POST, ROOT + "/definitions/validate")
                        .hasRole(Role.VIEWER.name()),
                false);
    }

    @Bean
    OpenAPI orchestratorApi() {
        return new OpenAPI()
                .info(new Info()
                        .title("Counterstep orchestrator")
                        .version("v1")
                        .description("Sagas, their log, their definitions, and what operators can ask for."))
                .components(new Components()
                        .addSecuritySchemes(
                                BASIC,
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("basic")))
                .addSecurityItem(new SecurityRequirement().addList(BASIC));
    }
}
