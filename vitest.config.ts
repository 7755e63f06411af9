import { defineConfig } from 'vitest/config'

/** Tests that need a real Postgres are told apart by their role, so the pure ones stay instant. */
const needsDatabase = ['src/**/*.{commands,queries,db}.test.{ts,tsx}']
const setup = ['./tests/setup/database.ts']

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    reporters: ['default'],
    slowTestThreshold: 1_000,
    passWithNoTests: true,
    projects: [
      {
        extends: true,
        // Limits are for what hangs, not for what is slow on a busy machine.
        test: { name: 'rules', include: ['src/**/*.test.{ts,tsx}'], exclude: needsDatabase, testTimeout: 60_000 },
      },
      {
        extends: true,
        test: {
          name: 'database',
          include: needsDatabase,
          globalSetup: setup,
          testTimeout: 120_000,
          hookTimeout: 300_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'access',
          include: ['tests/access/**/*.test.{ts,tsx}'],
          globalSetup: setup,
          testTimeout: 300_000,
          hookTimeout: 600_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'conformance',
          include: ['tests/conformance/**/*.test.{ts,tsx}'],
          globalSetup: setup,
          testTimeout: 300_000,
          hookTimeout: 600_000,
        },
      },
      {
        // One fork, one file after another: a journey drives a browser against one running system.
        extends: true,
        test: {
          name: 'journeys',
          env: { NODE_ENV: 'production' }, // one React, the one that people are served with
          include: ['tests/journeys/**/*.test.{ts,tsx}'],
          globalSetup: setup,
          maxWorkers: 1,
          fileParallelism: false,
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
})
