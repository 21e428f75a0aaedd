import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";

/** happy-dom lacks XPath, which htmx uses to find attributes that this project does not use. */
globalThis.XPathEvaluator ??= class {
  createExpression = () => ({ evaluate: () => ({ iterateNext: () => null }) });
} as unknown as typeof XPathEvaluator;

/** A test that needs a server stubs it; no request goes on after its test. */
globalThis.fetch = () => Promise.reject(new TypeError("This test has no server."));

// Generous for busy machines; what never happens still fails.
configure({ asyncUtilTimeout: 4_000 });

afterEach(() => {
  cleanup();
  document.body.replaceChildren();
});
