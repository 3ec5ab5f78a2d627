package dev.counterstep.messaging.canary.entities.inside;

/** Canary: an entity that somebody outside its package knows. */
@Entity
public class Parcel {}
