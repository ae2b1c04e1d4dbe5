import { describe, expect, it } from "vitest";
import { withActivities, withPeople } from "./presence";

const online = new Map([["a", { activity: "Idle", since: "1" }], ["b", { activity: "Playing X by Y", since: "1" }]]);

describe("who is online", () => {
  it("keeps since when somebody does what he does", () => {
    expect(withActivities(online, [["a", "Idle"], ["b", "Idle"], ["c", "Idle"]], "2")).toEqual(
      new Map([["a", { activity: "Idle", since: "1" }], ["b", { activity: "Idle", since: "2" }], ["c", { activity: "Idle", since: "2" }]]),
    );
  });
  it("is exactly the list, and those who stay keep their activity", () => {
    expect(withPeople(online, ["b", "c"], "2")).toEqual(
      new Map([["b", { activity: "Playing X by Y", since: "1" }], ["c", { activity: "Idle", since: "2" }]]),
    );
  });
});
