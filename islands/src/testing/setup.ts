import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";

// A busy machine may be slow; what never comes still fails.
configure({ asyncUtilTimeout: 4_000 });

afterEach(() => {
  cleanup();
  document.body.replaceChildren();
});
