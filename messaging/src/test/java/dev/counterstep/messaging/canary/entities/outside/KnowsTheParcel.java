package dev.counterstep.messaging.canary.entities.outside;

import dev.counterstep.messaging.canary.entities.inside.Parcel;

/** Canary: knows another package's entity. */
record KnowsTheParcel(Parcel parcel) {}
