import clsx from "clsx";
import { Volume1, Volume2, VolumeX } from "lucide-react";
import { useText } from "@/i18n";
import { IconButton } from "@/ui/IconButton";
import { setVolume, toggleMute } from "./actions";
import { Slider } from "./Slider";
import { usePlayer } from "./store";

export function Volume({ className }: { className?: string }) {
  const text = useText();
  const volume = usePlayer((s) => s.volume);
  const muted = usePlayer((s) => s.muted);
  const heard = muted ? 0 : volume;
  const icon = heard === 0 ? VolumeX : heard < 0.5 ? Volume1 : Volume2;
  return (
    <div className={clsx("flex items-center", className)}>
      <IconButton icon={icon} label={text(heard === 0 ? "player.unmute" : "player.mute")} onClick={toggleMute} />
      <Slider
        label={text("player.volume")}
        value={heard}
        max={1}
        step={0.05}
        page={0.2}
        valueText={(value) => `${Math.round(value * 100)} %`}
        live
        onChange={setVolume}
        className="flex-1"
      />
    </div>
  );
}
