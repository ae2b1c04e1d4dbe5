export type TimeOfDay = "night" | "morning" | "afternoon" | "evening";

/** What to call an hour between 0 and 23. */
export function timeOfDay(hour: number): TimeOfDay {
  if (hour < 5) return "night";
  if (hour < 12) return "morning";
  if (hour < 18) return "afternoon";
  return "evening";
}

/** What to call somebody: the first word of his name. */
export function firstName(name: string): string {
  return name.trim().split(/\s+/)[0] ?? "";
}
