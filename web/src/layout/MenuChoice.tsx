import { Check } from "lucide-react";
import { DropdownMenu as Radix } from "radix-ui";

interface MenuChoiceProps<V extends string> {
  label: string;
  value: V;
  options: Record<V, string>;
  onChange: (value: V) => void;
}

/** A choice of one among few within a menu, which stays open to show what it does. */
export function MenuChoice<V extends string>({ label, value, options, onChange }: MenuChoiceProps<V>) {
  return (
    <Radix.RadioGroup value={value} onValueChange={(next) => onChange(next as V)} aria-label={label}>
      <Radix.Label className="px-3 pt-1.5 pb-1 text-xs font-medium text-quiet">{label}</Radix.Label>
      {(Object.entries(options) as [V, string][]).map(([key, name]) => (
        <Radix.RadioItem
          key={key}
          value={key}
          onSelect={(event) => event.preventDefault()}
          className="flex cursor-pointer items-center gap-3 rounded-lg px-3 py-1.5 text-sm text-text outline-none data-highlighted:bg-lifted data-highlighted:text-strong"
        >
          <span className="grid size-4 place-items-center text-accent">
            <Radix.ItemIndicator>
              <Check aria-hidden size={16} />
            </Radix.ItemIndicator>
          </span>
          {name}
        </Radix.RadioItem>
      ))}
    </Radix.RadioGroup>
  );
}
