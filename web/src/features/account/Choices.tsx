import clsx from "clsx";
import { useId } from "react";

interface Choice<T extends string> {
  value: T;
  label: string;
  text?: string;
}

interface ChoicesProps<T extends string> {
  legend: string;
  choices: Choice<T>[];
  value: T;
  onChange: (value: T) => void;
}

/** One of a few, each with a word on what it means. */
export function Choices<T extends string>({ legend, choices, value, onChange }: ChoicesProps<T>) {
  const id = useId();
  return (
    <fieldset>
      <legend className="pb-2 text-sm font-medium text-strong">{legend}</legend>
      <div className="flex flex-col gap-2">
        {choices.map((choice) => {
          const chosen = choice.value === value;
          return (
            <label
              key={choice.value}
              className={clsx(
                "flex cursor-pointer items-start gap-3 rounded-xl border px-4 py-3 transition-colors",
                chosen ? "border-accent bg-raised" : "border-line hover:border-line-strong",
              )}
            >
              <input
                type="radio"
                name={id}
                checked={chosen}
                onChange={() => onChange(choice.value)}
                aria-labelledby={`${id}-${choice.value}`}
                aria-describedby={choice.text ? `${id}-${choice.value}-text` : undefined}
                className="mt-0.5 size-4 shrink-0 accent-accent"
              />
              <span>
                <span id={`${id}-${choice.value}`} className="block text-sm font-medium text-strong">
                  {choice.label}
                </span>
                {choice.text && (
                  <span id={`${id}-${choice.value}-text`} className="block text-sm text-quiet">
                    {choice.text}
                  </span>
                )}
              </span>
            </label>
          );
        })}
      </div>
    </fieldset>
  );
}
