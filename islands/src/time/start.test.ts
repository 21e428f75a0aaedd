import { describe, expect, test, vi } from "vitest";
import { element } from "../testing/page";
import { choose, show, text, time, withTimes } from "../testing/times";

withTimes();

describe("a time", () => {
  test("shows its age and a short time, with the complete one for screen readers and copies", async () => {
    await show(time("2026-11-22T13:38:00.000000Z"));
    expect(text(".ago")).toBe("4 min ago");
    expect(text(".short")).toBe("22 Nov 14:38:00 GMT+1");
    expect(element(".short").getAttribute("aria-hidden")).toBe("true");
    expect(text(".visually-hidden")).toBe("2026-11-22 14:38:00");
    expect(element("time").title).toBe("22 Nov 2026, 14:38:00 GMT+1");
  });

  test("shows the complete time and its age if there is room", async () => {
    await show(time("2026-11-22T13:38:00Z", "full"));
    expect(text()).toBe("22 Nov 2026, 14:38:00 4 min ago");
  });

  test.each([
    ["clock", "14:38"],
    ["date", "22 Nov 14:38"],
    ["weekday", "Sun 14:38"],
  ])("is a plain tick of the chart in the form %s", async (form, words) => {
    await show(time("2026-11-22T13:38:00Z", form));
    expect(text()).toBe(words);
    expect(vi.getTimerCount()).toBe(0);
    element("time").textContent = "13:38"; // a morph
    await vi.advanceTimersByTimeAsync(0);
    expect(text()).toBe(words);
    await choose("utc");
    expect(text()).toBe(words.replace("14", "13"));
  });

  test("a printed page says when it was printed", async () => {
    await show(`<time data-printed data-show="moment" datetime="2026-11-22T13:38:00Z">2026-11-22 13:38:00</time>`);
    expect(text()).toBe("22 Nov 2026, 14:38:00");
    await vi.advanceTimersByTimeAsync(3_600_000);
    dispatchEvent(new Event("beforeprint"));
    expect(text()).toBe("22 Nov 2026, 15:42:00");
  });

  test("is part of a span, and of what a slider says about it", async () => {
    const span = (to: string, words = "") =>
      `<b data-from="2026-11-22T22:40:00Z" data-to="${to}" data-show="weekday"${words}>Sun 22:40–22:55</b>`;
    const spoken = () => element("b").getAttribute("aria-valuetext");
    await show(span("2026-11-22T22:55:00Z"));
    expect([text("b"), spoken()]).toEqual(["Sun 23:40–23:55", null]);
    element("b").setAttribute("data-to", "2026-11-23T22:40:00Z");
    await vi.advanceTimersByTimeAsync(0);
    expect(text("b")).toBe("Sun 23:40–Mon 23:40");
    await show(span("2026-11-22T22:55:00Z", 'data-words="3 to Failed"'));
    expect(spoken()).toBe("Sun 23:40–23:55: 3 to Failed");
    element("b").dataset["words"] = "4 to Failed";
    await vi.advanceTimersByTimeAsync(0);
    expect(spoken()).toBe("Sun 23:40–23:55: 4 to Failed");
    await choose("utc");
    expect(spoken()).toBe("Sun 22:40–22:55: 4 to Failed");
    await show(span("soon"));
    expect(text("b")).toBe("Sun 22:40–22:55");
  });

  test.each(["soon", "2026-11-22", "13:38", "P3D", "2026-13-45T99:00:00Z", ""])(
    "is left alone if it is %j",
    async (iso) => {
      await show(`<time datetime="${iso}">as it was</time>`);
      expect(text()).toBe("as it was");
    },
  );
});

test("swapped-in times are rendered before the next paint", async () => {
  await show("<main></main>");
  element("main").innerHTML = time("2026-11-22T13:41:00Z");
  await vi.advanceTimersByTimeAsync(0);
  expect(text(".ago")).toBe("1 min ago");
  element("time").setAttribute("datetime", "2026-11-22T13:40:00Z");
  await vi.advanceTimersByTimeAsync(0);
  expect(text(".ago")).toBe("2 min ago");
  element("time").textContent = "2026-11-22 13:40:00"; // a morph puts the server's text back
  await vi.advanceTimersByTimeAsync(0);
  expect(text(".ago")).toBe("2 min ago");
});

describe("the timer", () => {
  test("ticks every second while seconds are shown", async () => {
    await show(time("2026-11-22T13:41:50Z") + time("2026-11-22T12:00:00Z"));
    expect(text(".ago")).toBe("10 s ago");
    await vi.advanceTimersByTimeAsync(3000);
    expect(text(".ago")).toBe("13 s ago");
    await vi.advanceTimersByTimeAsync(50_000);
    expect(text(".ago")).toBe("1 min ago");
  });

  test("ticks every minute otherwise, as a single timer", async () => {
    await show(time("2026-11-22T13:40:00Z").repeat(20));
    expect(vi.getTimerCount()).toBe(1);
    const timers = vi.spyOn(globalThis, "setTimeout");
    await vi.advanceTimersByTimeAsync(600_000);
    expect(text(".ago")).toBe("12 min ago");
    expect(timers.mock.calls.length).toBeLessThanOrEqual(11);
    expect(vi.getTimerCount()).toBe(1);
  });

  test("stops while the page is hidden, and catches up immediately", async () => {
    await show(time("2026-11-22T13:41:50Z"));
    const hidden = vi.spyOn(document, "hidden", "get").mockReturnValue(true);
    document.dispatchEvent(new Event("visibilitychange"));
    expect(vi.getTimerCount()).toBe(0);
    await vi.advanceTimersByTimeAsync(5000);
    hidden.mockReturnValue(false);
    document.dispatchEvent(new Event("visibilitychange"));
    expect(text(".ago")).toBe("15 s ago");
  });

  test("does not run without times", async () => {
    await show("<p>Nothing</p>");
    document.dispatchEvent(new Event("visibilitychange"));
    expect(vi.getTimerCount()).toBe(0);
  });

  test("updates a running duration", async () => {
    await show('<b data-lasting="2026-11-22T13:39:24Z">2 min</b>');
    expect(text("b")).toBe("2 min 36 s");
    await vi.advanceTimersByTimeAsync(4000);
    expect(text("b")).toBe("2 min 40 s");
  });

  test("adds the year in the next one", async () => {
    vi.setSystemTime(Date.parse("2026-12-31T20:00:00Z") + 3 * 3_600_000);
    await show(time("2026-11-22T13:38:00Z"));
    expect(text(".short")).toBe("22 Nov 14:38:00 GMT+1");
    await vi.advanceTimersByTimeAsync(10 * 3_600_000);
    expect(text(".short")).toBe("22 Nov 2026 14:38 GMT+1");
  });
});
