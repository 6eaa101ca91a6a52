import { Icon, type IconName } from '../components/icon.tsx';
import { Popover, PopoverItem } from '../components/popover.tsx';
import { chooseTheme, type Theme, themes, useTheme } from './theme.ts';

const looks: Record<Theme, { icon: IconName; words: string }> = {
  light: { icon: 'sun', words: 'Light' },
  dark: { icon: 'moon', words: 'Dark' },
  system: { icon: 'system', words: 'As the system' },
};

export function ThemeSwitch() {
  const theme = useTheme();
  return (
    <Popover label={`Theme: ${looks[theme].words}`} icon={looks[theme].icon} showLabel={false} look="quiet">
      {(close) =>
        themes.map((each) => (
          <PopoverItem
            key={each}
            current={each === theme}
            onClick={() => {
              chooseTheme(each);
              close();
            }}
          >
            <Icon name={looks[each].icon} />
            {looks[each].words}
          </PopoverItem>
        ))
      }
    </Popover>
  );
}
