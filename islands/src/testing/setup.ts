import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";

/** happy-dom has no XPath, with which htmx looks for attributes that we do not use. */
globalThis.XPathEvaluator ??= class {
  createExpression = () => ({ evaluate: () => ({ iterateNext: () => null }) });
} as unknown as typeof XPathEvaluator;

// A busy machine may be slow; what never comes still fails.
configure({ asyncUtilTimeout: 4_000 });

afterEach(() => {
  cleanup();
  document.body.replaceChildren();
});
