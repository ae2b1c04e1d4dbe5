import { useState } from "react";
import { type Language, languages, setLanguage, useLanguage, useText } from "@/i18n";
import { setTheme, type Theme, useTheme } from "@/ui/theme";
import { Choices } from "./Choices";
import { Panel } from "./Panel";

const themes: Theme[] = ["dark", "light", "system"];

export function AppearanceSettings() {
  const text = useText();
  const theme = useTheme();
  const language = useLanguage();
  const [loading, setLoading] = useState<Language>();
  const choose = (next: Language) => {
    setLoading(next);
    void setLanguage(next).finally(() => setLoading(undefined));
  };
  return (
    <Panel title={text("account.tab.appearance")} text={text("account.appearance.intro")}>
      <div className="flex flex-col gap-8">
        <Choices
          legend={text("theme.label")}
          value={theme}
          onChange={setTheme}
          choices={themes.map((value) => ({ value, label: text(`theme.${value}`) }))}
        />
        <Choices
          legend={text("account.language")}
          value={loading ?? language}
          onChange={choose}
          choices={(Object.entries(languages) as [Language, string][]).map(([value, label]) => ({ value, label }))}
        />
      </div>
    </Panel>
  );
}
