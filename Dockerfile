# The image: Node's own slim image, the production packages, the sources. Nothing is built and no install script runs.
FROM node:26.10-slim

WORKDIR /app
ENV NODE_ENV=production
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts && npm cache clean --force
COPY LICENSE README.md ./
COPY config config
COPY src src

# Sessions and keys live here; `data_dir: /data` in the config.
RUN mkdir /data && chown node:node /data
VOLUME /data
USER node
EXPOSE 8080
ENTRYPOINT ["node", "src/main.ts"]
CMD ["serve", "--config", "/config/entryphone.yaml"]
