import { z } from 'zod';
import { BadAnswerError } from '../../errors.ts';
import type { MetadataCache } from '../connector.ts';

/** Where the service keeps each resource: route template and api versions, by the resource's id. */
export interface Locations {
  /** `discover` asks the service (OPTIONS of one area); it is called only when neither memory nor cache knows. */
  find(area: string, id: string, discover: () => Promise<unknown>): Promise<Location | undefined>;
}

const Location = z.object({
  id: z.string(),
  area: z.string(),
  resourceName: z.string(),
  routeTemplate: z.string(),
  resourceVersion: z.number(),
  minVersion: z.coerce.string(),
  maxVersion: z.coerce.string(),
  releasedVersion: z.coerce.string(),
});
type Location = z.infer<typeof Location>;
const LocationList = z.array(Location);
const Discovered = z.object({ value: LocationList });

const daySeconds = 86_400;

/** Routes change with releases of the service, not with rounds: kept for a day, so that a warm process discovers nothing. */
export function createLocations(metadata: MetadataCache): Locations {
  const areas = new Map<string, Promise<ReadonlyMap<string, Location>>>();

  const load = async (area: string, discover: () => Promise<unknown>): Promise<ReadonlyMap<string, Location>> => {
    const key = `azure-devops:locations:${area}`;
    const cached = LocationList.safeParse(await metadata.get(key));
    if (cached.success) return byId(cached.data);
    const found = Discovered.safeParse(await discover());
    if (!found.success) {
      throw new BadAnswerError(
        `Azure DevOps did not say where its "${area}" resources are. Check that the url is that of an organisation or collection, not of a project.`,
      );
    }
    await metadata.put(key, found.data.value, daySeconds);
    return byId(found.data.value);
  };

  return {
    async find(area, id, discover) {
      let known = areas.get(area);
      if (known === undefined) {
        known = load(area, discover);
        areas.set(area, known);
        known.catch(() => areas.delete(area));
      }
      return (await known).get(id.toLowerCase());
    },
  };
}

function byId(locations: readonly Location[]): ReadonlyMap<string, Location> {
  return new Map(locations.map(location => [location.id.toLowerCase(), location]));
}
