import { sendDeliveries, type Load } from './deliveries.ts';
import { serve } from './servant.ts';

/** Sends deliveries from a process of its own: a site that answers a round in the same one would delay the figures. */
export type SenderOrder = Load | 'stop';

serve<{ readonly order: SenderOrder }>(async ({ order }) => {
  if (order !== 'stop') return sendDeliveries(order);
  process.disconnect();
  return null;
});
