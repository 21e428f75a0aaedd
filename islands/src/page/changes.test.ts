import { waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { emit } from "../events";
import { element, PAGE } from "../testing/page";
import { makeJob } from "../testing/server";
import { wireChanges } from "./changes";

test("a changed status is announced with the job's name", async () => {
  document.body.innerHTML = PAGE;
  wireChanges();
  emit("job:status-changed", { job: makeJob({ current_status: "RUNNING" }) });
  await waitFor(() => expect(element("#announcer").textContent).toBe("Fluid Dynamics is now Running"));
});
