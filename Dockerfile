# syntax=docker/dockerfile:1
# One image, several commands: the API (default), `node dist/src/worker.js`, `node dist/src/programs/migrate.js`, and those of operators by `npm run`.

FROM node:24.21.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=cache,target=/root/.npm npm ci --no-audit --no-fund
COPY tsconfig.json ./
COPY scripts ./scripts
COPY src ./src
COPY workflows ./workflows
COPY activities ./activities
COPY local ./local
COPY test ./test
COPY bench ./bench
COPY web ./web
RUN node scripts/build.mjs \
 && node scripts/web.mjs \
 && rm -rf dist/test dist/bench dist/local dist/.tsbuildinfo \
 && npm prune --omit=dev --no-audit --no-fund \
 && find node_modules/@expo-google-fonts/noto-sans-sc -mindepth 1 -maxdepth 1 -type d ! -name 400Regular ! -name 700Bold -exec rm -r {} +

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production PORT=3000 DATA_DIR=/data
WORKDIR /app
# The evidence store's volume takes its owner from the folder it is first mounted over.
RUN mkdir /data && chown node:node /data
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
# `npm run …` inside the image runs what is built; without sources it builds nothing.
COPY scripts/run.mjs scripts/bootstrap.mjs scripts/stamp.mjs scripts/web.mjs ./scripts/
USER node
EXPOSE 3000
# Alive means: the HTTP server answers. Whether PostgreSQL and Temporal answer is readiness, which must not restart the process.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=6 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/live`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/src/main.js"]
