/** How every subject's and watcher's statements are planned, as the product's are: once, and never to scan the whole of a table that has grown since. */
export const PLANS = '-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c jit=off';
