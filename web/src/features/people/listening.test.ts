import { describe, expect, it } from "vitest";
import { activityOf } from "@/realtime/activity";
import { listeningTo, readings } from "./listening";

const song = (title: string, artist: string) => ({
  id: 1, title, artist, albumId: null, albumTitle: null, image: "", audio: "", duration: 1, createdAt: "",
});

describe("activities", () => {
  it("says nothing of who plays nothing", () => {
    expect(activityOf(undefined)).toBe("Idle");
    expect(listeningTo("Idle")).toBeUndefined();
    expect(readings("Idle")).toEqual([]);
  });
  it("are read as they are written", () => {
    const activity = activityOf(song("Gymnopédie No. 1", "Erik Satie"));
    expect(listeningTo(activity)).toBe("Gymnopédie No. 1 by Erik Satie");
    expect(readings(activity)).toEqual([{ title: "Gymnopédie No. 1", artist: "Erik Satie" }]);
  });
  it("are read in every way there is", () => {
    expect(readings("Playing Stand by Me by Ben")).toEqual([
      { title: "Stand by Me", artist: "Ben" },
      { title: "Stand", artist: "Me by Ben" },
    ]);
  });
  it("stay within what the server takes, counting characters", () => {
    const activity = activityOf(song("𝄞".repeat(300), "A"));
    expect([...activity]).toHaveLength(200);
    expect(activity.endsWith("…")).toBe(true);
  });
});
