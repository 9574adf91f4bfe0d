import common from './common.json' with { type: 'json' };
import explore from './explore.json' with { type: 'json' };
import live from './live.json' with { type: 'json' };
import quality from './quality.json' with { type: 'json' };
import settings from './settings.json' with { type: 'json' };

/** Simplified Chinese. */
export const zh = { common, live, explore, quality, settings };
