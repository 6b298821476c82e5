import type { Ecosystem } from './packages/project-package.ts';

/** What a manifest asks for says what its package is built on: names of dependencies, by the name that people use. */
const known: Readonly<
  Record<'npm' | 'python' | 'go' | 'cargo' | 'jvm', Readonly<Record<string, string>>>
> = {
  npm: {
    React: 'react',
    'Next.js': 'next',
    Remix: '@remix-run/react',
    'React Native': 'react-native',
    Expo: 'expo',
    Vue: 'vue',
    Nuxt: 'nuxt',
    Svelte: 'svelte',
    SvelteKit: '@sveltejs/kit',
    Angular: '@angular/core',
    SolidJS: 'solid-js',
    Preact: 'preact',
    Astro: 'astro',
    Lit: 'lit',
    Electron: 'electron',
    Express: 'express',
    Fastify: 'fastify',
    Koa: 'koa',
    Hono: 'hono',
    NestJS: '@nestjs/core',
    Vite: 'vite',
    webpack: 'webpack',
    'Tailwind CSS': 'tailwindcss',
    Prisma: '@prisma/client',
    Drizzle: 'drizzle-orm',
    TypeORM: 'typeorm',
    GraphQL: 'graphql',
    tRPC: '@trpc/server',
    yargs: 'yargs',
    commander: 'commander',
    zod: 'zod',
  },
  python: {
    Django: 'django',
    Flask: 'flask',
    FastAPI: 'fastapi',
    Starlette: 'starlette',
    SQLAlchemy: 'sqlalchemy',
    Pydantic: 'pydantic',
    Celery: 'celery',
    NumPy: 'numpy',
    pandas: 'pandas',
    PyTorch: 'torch',
    TensorFlow: 'tensorflow',
    'scikit-learn': 'scikit-learn',
    Typer: 'typer',
    click: 'click',
    Streamlit: 'streamlit',
  },
  go: {
    Gin: 'github.com/gin-gonic/gin',
    Echo: 'github.com/labstack/echo',
    Fiber: 'github.com/gofiber/fiber',
    chi: 'github.com/go-chi/chi',
    Cobra: 'github.com/spf13/cobra',
    gRPC: 'google.golang.org/grpc',
    GORM: 'gorm.io/gorm',
  },
  cargo: {
    Tokio: 'tokio',
    axum: 'axum',
    'Actix Web': 'actix-web',
    Rocket: 'rocket',
    clap: 'clap',
    serde: 'serde',
    Bevy: 'bevy',
    Tauri: 'tauri',
    Leptos: 'leptos',
    SQLx: 'sqlx',
    Diesel: 'diesel',
  },
  jvm: {
    'Spring Boot': 'spring-boot',
    Quarkus: 'quarkus',
    Micronaut: 'micronaut',
    Ktor: 'ktor',
    JUnit: 'junit',
    Hibernate: 'hibernate',
    Android: 'com.android',
  },
};

/** What a manifest's text names of the frameworks that many know. */
export function frameworksIn(ecosystem: Ecosystem, text: string): string[] {
  const isJvm = ecosystem === 'maven' || ecosystem === 'gradle';
  const group = isJvm ? 'jvm' : ecosystem;
  const words = new Set((ecosystem === 'python' ? text.toLowerCase() : text).match(word) ?? []);
  const all = isJvm ? text : '';
  return Object.entries(known[group]).flatMap(([name, dependency]) => {
    // A module of Go may have its version behind its path.
    const isNamed =
      words.has(dependency) ||
      all.includes(dependency) ||
      (group === 'go' && [...words].some((one) => one.startsWith(`${dependency}/v`)));
    return isNamed ? [name] : [];
  });
}

const word = /[\w@][\w./@-]*/g;
