import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

/** Ten times the token: Mantine wants shades, the tokens already are what a place needs. */
function flat(token: string): MantineColorsTuple {
  const color = `var(${token})`;
  return [color, color, color, color, color, color, color, color, color, color];
}

export const mantineTheme = createTheme({
  fontFamily: 'var(--font-ui)',
  fontFamilyMonospace: 'var(--font-num)',
  primaryColor: 'pilot',
  primaryShade: 6,
  defaultRadius: 5,
  cursorType: 'default',
  respectReducedMotion: true,
  colors: {
    pilot: flat('--pilot-fill'),
    crit: flat('--crit'),
    warn: flat('--warn'),
    ok: flat('--ok'),
  },
  fontSizes: {
    xs: 'var(--fs-11)',
    sm: 'var(--fs-12)',
    md: 'var(--fs-12)',
    lg: 'var(--fs-13)',
    xl: 'var(--fs-15)',
  },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  radius: { xs: '3px', sm: '3px', md: '5px', lg: '5px', xl: '8px' },
  headings: { fontWeight: '620' },
  components: {
    Button: { defaultProps: { size: 'xs', variant: 'default' } },
    ActionIcon: { defaultProps: { size: 26, variant: 'subtle', color: 'gray' } },
    TextInput: { defaultProps: { size: 'xs' } },
    PasswordInput: { defaultProps: { size: 'xs' } },
    NumberInput: { defaultProps: { size: 'xs' } },
    Textarea: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: { size: 'xs' } },
    Autocomplete: { defaultProps: { size: 'xs' } },
    Checkbox: { defaultProps: { size: 'xs' } },
    Switch: { defaultProps: { size: 'xs' } },
    SegmentedControl: { defaultProps: { size: 'xs' } },
    Tabs: { defaultProps: { keepMounted: false } },
    Table: { defaultProps: { verticalSpacing: 0, horizontalSpacing: 12, highlightOnHover: true } },
    Tooltip: { defaultProps: { openDelay: 400 } },
    Popover: { defaultProps: { transitionProps: { duration: 140 } } },
    Menu: { defaultProps: { transitionProps: { duration: 140 } } },
  },
});

const shared = {
  '--mantine-color-body': 'var(--ash-1)',
  '--mantine-color-text': 'var(--text-1)',
  '--mantine-color-bright': 'var(--text-1)',
  '--mantine-color-dimmed': 'var(--text-2)',
  '--mantine-color-anchor': 'var(--pilot)',
  '--mantine-color-error': 'var(--crit)',
  '--mantine-color-success': 'var(--ok)',
  '--mantine-color-placeholder': 'var(--text-3)',
  '--mantine-color-default': 'var(--ash-2)',
  '--mantine-color-default-hover': 'var(--ash-3)',
  '--mantine-color-default-color': 'var(--text-1)',
  '--mantine-color-default-border': 'var(--line-2)',
  '--mantine-color-disabled': 'var(--ash-3)',
  '--mantine-color-disabled-color': 'var(--text-3)',
  '--mantine-color-disabled-border': 'var(--line-1)',
  '--mantine-primary-color-filled': 'var(--pilot-fill)',
  '--mantine-primary-color-filled-hover': 'color-mix(in oklab, var(--pilot-fill) 88%, var(--text-1))',
  '--mantine-primary-color-contrast': 'var(--on-pilot)',
  '--mantine-primary-color-light': 'var(--pilot-wash)',
  '--mantine-primary-color-light-hover': 'var(--pilot-wash)',
  '--mantine-primary-color-light-color': 'var(--pilot)',
  '--mantine-color-pilot-filled': 'var(--pilot-fill)',
  '--mantine-color-pilot-filled-hover': 'color-mix(in oklab, var(--pilot-fill) 88%, var(--text-1))',
  '--mantine-color-pilot-light': 'var(--pilot-wash)',
  '--mantine-color-pilot-light-hover': 'var(--pilot-wash)',
  '--mantine-color-pilot-light-color': 'var(--pilot)',
  '--mantine-color-pilot-outline': 'var(--pilot)',
  '--mantine-color-crit-filled': 'var(--crit)',
  '--mantine-color-crit-light': 'var(--crit-wash)',
  '--mantine-color-crit-light-color': 'var(--crit)',
  '--mantine-color-gray-light-hover': 'var(--ash-3)',
  '--mantine-color-gray-light-color': 'var(--text-2)',
  '--mantine-shadow-sm': 'var(--shadow-pop)',
  '--mantine-shadow-md': 'var(--shadow-pop)',
  '--mantine-shadow-lg': 'var(--shadow-pop)',
  '--mantine-shadow-xl': 'var(--shadow-pop)',
};

/** Maps Mantine's own variables to the tokens, the same way in both schemes: the tokens change, not the mapping. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {
    '--input-height-xs': '26px',
    '--button-height-xs': '26px',
    '--sc-padding-xs': '3px 9px',
  },
  dark: shared,
  light: shared,
});
