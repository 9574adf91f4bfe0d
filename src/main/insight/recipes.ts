import { CPU_MEMORY_RECIPES } from './cpu-memory-recipes.ts';
import { DISK_RECIPES } from './disk-recipes.ts';
import { NETWORK_RECIPES } from './network-recipes.ts';
import { SYSTEM_RECIPES } from './system-recipes.ts';
import type { Recipe } from './recipe.ts';

/**
 * The conventions of node_exporter (this computer speaks them too) and of the process collectors that all client
 * libraries share. In the order they are shown within their groups.
 */
export const RECIPES: readonly Recipe[] = [
  ...CPU_MEMORY_RECIPES,
  ...DISK_RECIPES,
  ...NETWORK_RECIPES,
  ...SYSTEM_RECIPES,
];
