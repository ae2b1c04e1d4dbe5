import { chromium } from "playwright-core";

export const sizes = {
  desktop: { width: 1440, height: 900 },
  tablet: { width: 768, height: 1024 },
  phone: { width: 390, height: 844 },
};

/** Starts Debian's Chromium, or the one that ANTIPHON_CHROMIUM names, without its chatter to the network. */
export function launch() {
  return chromium.launch({
    executablePath: process.env.ANTIPHON_CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--autoplay-policy=no-user-gesture-required",
      "--mute-audio",
    ],
  });
}

/**
 * A person with a browser of his own. Whatever his pages complain about in the
 * console, a violation of the content security policy too, is noted in
 * complaints.
 */
export async function person(browser, base, size, options = {}) {
  const context = await browser.newContext({
    baseURL: base,
    viewport: sizes[size],
    hasTouch: size === "phone",
    reducedMotion: "reduce",
    locale: "en-GB",
    ...options,
  });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(`${page.url()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error.stack ?? error}`));
  page.on("response", (response) => {
    if (response.status() >= 500) complaints.push(`${response.status()} ${response.url()}`);
  });
  return { context, page, complaints, size };
}

/** Waits until the check holds, and fails with its last error if it never does. */
export async function eventually(check, timeout = 15_000) {
  const end = Date.now() + timeout;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
