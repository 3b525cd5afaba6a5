package io.weir.testing.house.roof;

import io.weir.testing.house.cellar.Cellar;

/** Stands above the cellar, and knows it. */
record Roof(Cellar cellar) {}
