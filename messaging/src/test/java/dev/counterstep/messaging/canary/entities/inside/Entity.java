package dev.counterstep.messaging.canary.entities.inside;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** Stands for JPA's. */
@Retention(RetentionPolicy.RUNTIME)
@interface Entity {}
