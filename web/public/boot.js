// Sets the theme and the language before the first paint. It is a file of its
// own because the content security policy allows no inline script.
(() => {
  const read = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };
  const chosen = read("antiphon.theme");
  const light =
    chosen === "light" || (chosen === "system" && matchMedia("(prefers-color-scheme: light)").matches);
  document.documentElement.dataset.theme = light ? "light" : "dark";
  const language = read("antiphon.language");
  if (language) document.documentElement.lang = language;
})();
