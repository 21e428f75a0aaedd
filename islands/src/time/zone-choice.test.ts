/** The choice of the time zone, and times on a page that the browser translates. */
import { describe, expect, test, vi } from "vitest";
import { element } from "../testing/page";
import { choose, chosen, reportZone, show, text, time, withTimes } from "../testing/times";
import { translate } from "../testing/translated";

withTimes();

describe("the zone", () => {
  const page = `${time("2026-11-22T13:38:00Z")}<small data-zone>UTC</small><i data-zone-name>UTC</i>`;

  test("is the user's, with its name", async () => {
    await show(page);
    expect([text("small"), text("i"), chosen()]).toEqual(["local", "Europe/Berlin", "local"]);
    expect((element("#time-zone") as HTMLFieldSetElement).disabled).toBe(false);
    expect(text("[data-local-zone]")).toBe("Local (Europe/Berlin)");
  });

  test("has its current name", async () => {
    reportZone("Asia/Calcutta");
    await show(page);
    expect([text("[data-local-zone]"), text("i")]).toEqual(["Local (Asia/Kolkata)", "Asia/Kolkata"]);
  });

  test.each(["UTC", "Etc/GMT", "Etc/UCT"])("there is no choice where local is %s", async (zone) => {
    reportZone(zone);
    await show(page);
    expect(element("#time-zone").hidden).toBe(true);
    expect(text("i")).toBe("UTC");
  });

  test("is UTC if chosen, immediately and from then on", async () => {
    await show(page);
    await choose("utc");
    expect([text(".short"), text("small"), text("i")]).toEqual(["22 Nov 13:38:00 UTC", "UTC", "UTC"]);
    await show(page);
    expect([text(".short"), chosen()]).toEqual(["22 Nov 13:38:00 UTC", "utc"]);
    await choose("local");
    expect(text(".short")).toBe("22 Nov 14:38:00 GMT+1");
  });

  test("follows another tab", async () => {
    await show(page);
    localStorage.setItem("time-zone", "utc");
    dispatchEvent(new StorageEvent("storage", { key: "time-zone" }));
    expect([text(".short"), chosen()]).toEqual(["22 Nov 13:38:00 UTC", "utc"]);
  });

  test("can be chosen without storage", async () => {
    await show(page);
    vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
      throw new Error("storage is full");
    });
    await choose("utc");
    expect(text(".short")).toBe("22 Nov 13:38:00 UTC");
    vi.restoreAllMocks();
    await choose("local");
  });
});

describe("a translated page", () => {
  const page = `${time("2026-11-22T13:41:50Z")}${time("2026-11-22T13:38:00Z", "clock")}<small data-zone>UTC</small>
    <i data-zone-name>UTC</i><b data-lasting="2026-11-22T13:39:24Z">2 min</b>
    <u data-from="2026-11-22T13:40:00Z" data-to="2026-11-22T13:41:00Z">13:40–13:41</u>`;

  test.each([true, false])("stays translated until a text changes (text nodes kept: %s)", async (keep) => {
    await show(page);
    translate(document.body, keep);
    const html = document.body.innerHTML;
    await vi.advanceTimersByTimeAsync(0);
    expect(document.body.innerHTML).toBe(html); // otherwise translator and clock would loop forever
    await vi.advanceTimersByTimeAsync(1000);
    expect(text(".ago")).toBe("11 s ago");
    expect(text("b")).toBe("2 min 37 s");
    translate(document.body, keep);
    await choose("utc");
    expect([text(".short"), text("small"), text("i")]).toEqual(["22 Nov 13:41:50 UTC", "UTC", "UTC"]);
    element("time").textContent = "2026-11-22 13:41:50"; // a morph
    await vi.advanceTimersByTimeAsync(0);
    expect(text(".ago")).toBe("11 s ago");
    await choose("local");
  });
});
