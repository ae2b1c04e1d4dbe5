import { useQuery } from "@tanstack/react-query";
import clsx from "clsx";
import { X } from "lucide-react";
import { type KeyboardEvent, useDeferredValue, useId, useState } from "react";
import { Cover } from "@/ui/Cover";
import { Input } from "@/ui/Field";
import { IconButton } from "@/ui/IconButton";
import { optionsQuery } from "../queries";
import { useAdminText } from "../texts";
import type { Ref } from "../types";

interface RelationPickerProps {
  model: string;
  label: string;
  value: Ref | null;
  onChange: (value: Ref | null) => void;
  /** What ties it to a Field. */
  control?: { id: string; "aria-describedby"?: string; "aria-invalid"?: true };
  disabled?: boolean;
  compact?: boolean;
}

/** Picks an object of another model by searching for it, however many there are. */
export function RelationPicker({ model, label, value, onChange, control, disabled, compact }: RelationPickerProps) {
  const text = useAdminText();
  const list = useId();
  const [words, setWords] = useState("");
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(0);
  const { data: options = [] } = useQuery(optionsQuery(model, useDeferredValue(words), open));
  const choose = (ref: Ref | null) => {
    onChange(ref);
    setOpen(false);
    setWords("");
  };
  const onKeyDown = (e: KeyboardEvent) => {
    const step = e.key === "ArrowDown" ? 1 : e.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) {
      e.preventDefault();
      setOpen(true);
      setActive((active + step + options.length) % Math.max(1, options.length));
    } else if (e.key === "Enter" && open) {
      e.preventDefault();
      const option = options[active];
      if (option) choose(option);
    } else if (e.key === "Escape" && open) {
      e.stopPropagation();
      setOpen(false);
    }
  };
  const shown = open && options.length > 0;
  return (
    <div className="relative" onBlur={(e) => !e.currentTarget.contains(e.relatedTarget) && setOpen(false)}>
      <div className="flex items-center gap-1">
        <Input
          {...control}
          role="combobox"
          aria-label={control ? undefined : label}
          aria-expanded={shown}
          aria-controls={shown ? list : undefined}
          aria-autocomplete="list"
          aria-activedescendant={shown ? `${list}-${active}` : undefined}
          autoComplete="off"
          disabled={disabled}
          value={open ? words : (value?.label ?? "")}
          placeholder={text(compact ? "admin.filter.find" : "admin.pick")}
          onFocus={() => setOpen(true)}
          onChange={(e) => {
            setWords(e.target.value);
            setActive(0);
            setOpen(true);
          }}
          onKeyDown={onKeyDown}
          className={compact ? "h-8" : undefined}
        />
        {value && !disabled && <IconButton icon={X} size="small" label={text("admin.pick.clear", { name: label })} onClick={() => choose(null)} />}
      </div>
      {shown && (
        <ul
          id={list}
          role="listbox"
          aria-label={label}
          className="absolute z-30 mt-1 max-h-72 w-full min-w-60 overflow-y-auto rounded-xl border border-line bg-raised p-1 shadow-float"
        >
          {options.map((option, i) => (
            // Keys are handled by the input, which keeps the focus.
            // eslint-disable-next-line jsx-a11y/click-events-have-key-events
            <li
              key={option.id}
              id={`${list}-${i}`}
              role="option"
              tabIndex={-1}
              aria-selected={i === active}
              onMouseDown={(e) => e.preventDefault()}
              onMouseEnter={() => setActive(i)}
              onClick={() => choose(option)}
              className={clsx("flex cursor-pointer items-center gap-3 rounded-lg px-2 py-1.5 text-sm", i === active && "bg-lifted")}
            >
              {option.image && <Cover image={option.image} size={64} className="size-8 shrink-0" />}
              <span className="min-w-0">
                <span className="block truncate text-strong">{option.label}</span>
                {option.detail && <span className="block truncate text-xs text-quiet">{option.detail}</span>}
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
