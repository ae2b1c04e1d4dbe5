const browsers: [RegExp, string][] = [
  [/\bEdgA?\//, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\bFirefox\/|\bFxiOS\//, "Firefox"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/Chrome\/|\bCriOS\//, "Chrome"],
  [/\bVersion\/.*\bSafari\//, "Safari"],
];
const systems: [RegExp, string][] = [
  [/\bAndroid\b/, "Android"],
  [/\biPhone\b|\biPod\b/, "iPhone"],
  [/\biPad\b/, "iPad"],
  [/\bWindows\b/, "Windows"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bMac OS X\b|\bMacintosh\b/, "macOS"],
  [/\bLinux\b/, "Linux"],
];

const named = (list: [RegExp, string][], label: string) => list.find(([pattern]) => pattern.test(label))?.[1];

/** A sign-in's label in few words: "Firefox · Windows" of a browser's user agent, else as it is. */
export function deviceName(label: string): string {
  const [browser, system] = [named(browsers, label), named(systems, label)];
  return browser && system ? `${browser} · ${system}` : label;
}

/** Whether a label is that of a telephone or a tablet. */
export const isHandheld = (label: string): boolean => /Android|iPhone|iPad|iPod/.test(label);
